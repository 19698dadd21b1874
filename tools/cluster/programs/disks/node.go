package main

import (
	"context"
	"os"
	"syscall"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"k8s.io/mount-utils"
)

// nodeServer mounts images where kubelet wants them.
type nodeServer struct {
	csi.UnimplementedNodeServer
	name    string
	disks   disks
	mounter *mount.SafeFormatAndMount
}

func (n *nodeServer) NodeGetInfo(context.Context, *csi.NodeGetInfoRequest) (*csi.NodeGetInfoResponse, error) {
	return &csi.NodeGetInfoResponse{NodeId: n.name}, nil
}

func (*nodeServer) NodeGetCapabilities(
	context.Context, *csi.NodeGetCapabilitiesRequest,
) (*csi.NodeGetCapabilitiesResponse, error) {
	rpc := &csi.NodeServiceCapability_RPC{Type: csi.NodeServiceCapability_RPC_GET_VOLUME_STATS}
	return &csi.NodeGetCapabilitiesResponse{Capabilities: []*csi.NodeServiceCapability{
		{Type: &csi.NodeServiceCapability_Rpc{Rpc: rpc}},
	}}, nil
}

func (n *nodeServer) NodePublishVolume(
	_ context.Context, request *csi.NodePublishVolumeRequest,
) (*csi.NodePublishVolumeResponse, error) {
	path, err := n.disks.volume(request.GetVolumeId())
	if err != nil {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	if !exists(path) {
		return nil, status.Errorf(codes.NotFound, "the volume %s is not there", request.GetVolumeId())
	}
	target := request.GetTargetPath()
	if err := os.MkdirAll(target, 0o750); err != nil {
		return nil, internal(err)
	}
	isNotMounted, err := n.mounter.IsLikelyNotMountPoint(target)
	if err != nil {
		return nil, internal(err)
	}
	if isNotMounted {
		options := []string{"loop"}
		if request.GetReadonly() {
			options = append(options, "ro")
		}
		if err := n.mounter.Mount(path, target, "ext4", options); err != nil {
			return nil, internal(err)
		}
	}
	return &csi.NodePublishVolumeResponse{}, nil
}

func (n *nodeServer) NodeUnpublishVolume(
	_ context.Context, request *csi.NodeUnpublishVolumeRequest,
) (*csi.NodeUnpublishVolumeResponse, error) {
	return &csi.NodeUnpublishVolumeResponse{}, internal(mount.CleanupMountPoint(request.GetTargetPath(), n.mounter, true))
}

// NodeGetVolumeStats is what kubelet's metrics of a volume come from.
func (*nodeServer) NodeGetVolumeStats(
	_ context.Context, request *csi.NodeGetVolumeStatsRequest,
) (*csi.NodeGetVolumeStatsResponse, error) {
	var found syscall.Statfs_t
	if err := syscall.Statfs(request.GetVolumePath(), &found); err != nil {
		return nil, status.Error(codes.NotFound, err.Error())
	}
	size := int64(found.Bsize)
	return &csi.NodeGetVolumeStatsResponse{Usage: []*csi.VolumeUsage{
		{
			Unit:      csi.VolumeUsage_BYTES,
			Total:     int64(found.Blocks) * size,
			Available: int64(found.Bavail) * size,
			Used:      int64(found.Blocks-found.Bfree) * size,
		},
		{
			Unit:      csi.VolumeUsage_INODES,
			Total:     int64(found.Files),
			Available: int64(found.Ffree),
			Used:      int64(found.Files - found.Ffree),
		},
	}}, nil
}
