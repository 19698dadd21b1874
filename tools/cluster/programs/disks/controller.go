package main

import (
	"context"
	"os"
	"sync"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

type identity struct {
	csi.UnimplementedIdentityServer
	name string
}

func (i identity) GetPluginInfo(context.Context, *csi.GetPluginInfoRequest) (*csi.GetPluginInfoResponse, error) {
	return &csi.GetPluginInfoResponse{Name: i.name, VendorVersion: "1"}, nil
}

func (identity) Probe(context.Context, *csi.ProbeRequest) (*csi.ProbeResponse, error) {
	return &csi.ProbeResponse{Ready: wrapperspb.Bool(true)}, nil
}

func (identity) GetPluginCapabilities(
	context.Context, *csi.GetPluginCapabilitiesRequest,
) (*csi.GetPluginCapabilitiesResponse, error) {
	service := &csi.PluginCapability_Service{Type: csi.PluginCapability_Service_CONTROLLER_SERVICE}
	return &csi.GetPluginCapabilitiesResponse{Capabilities: []*csi.PluginCapability{
		{Type: &csi.PluginCapability_Service_{Service: service}},
	}}, nil
}

// controller makes and removes images.
type controller struct {
	csi.UnimplementedControllerServer
	disks disks
	// Two calls for one name would write one file.
	mutex sync.Mutex
}

// Where a claim says no size.
const defaultBytes = 1 << 30

func (*controller) ControllerGetCapabilities(
	context.Context, *csi.ControllerGetCapabilitiesRequest,
) (*csi.ControllerGetCapabilitiesResponse, error) {
	var all []*csi.ControllerServiceCapability
	for _, each := range []csi.ControllerServiceCapability_RPC_Type{
		csi.ControllerServiceCapability_RPC_CREATE_DELETE_VOLUME,
		csi.ControllerServiceCapability_RPC_CREATE_DELETE_SNAPSHOT,
		csi.ControllerServiceCapability_RPC_CLONE_VOLUME,
	} {
		rpc := &csi.ControllerServiceCapability_RPC{Type: each}
		all = append(all, &csi.ControllerServiceCapability{Type: &csi.ControllerServiceCapability_Rpc{Rpc: rpc}})
	}
	return &csi.ControllerGetCapabilitiesResponse{Capabilities: all}, nil
}

func (c *controller) CreateVolume(_ context.Context, request *csi.CreateVolumeRequest) (*csi.CreateVolumeResponse, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	path, err := c.disks.volume(request.GetName())
	if err != nil {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	bytes := max(request.GetCapacityRange().GetRequiredBytes(), 0)
	source := request.GetVolumeContentSource()
	if !exists(path) {
		if err := c.make(path, source, bytes); err != nil {
			return nil, err
		}
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, status.Error(codes.Internal, err.Error())
	}
	if info.Size() < bytes {
		return nil, status.Errorf(codes.AlreadyExists, "%s has %d bytes", request.GetName(), info.Size())
	}
	volume := &csi.Volume{VolumeId: request.GetName(), CapacityBytes: info.Size(), ContentSource: source}
	return &csi.CreateVolumeResponse{Volume: volume}, nil
}

func (c *controller) make(path string, source *csi.VolumeContentSource, bytes int64) error {
	if source == nil {
		if bytes == 0 {
			bytes = defaultBytes
		}
		return internal(makeEmpty(path, bytes))
	}
	from, err := c.disks.snapshot(source.GetSnapshot().GetSnapshotId())
	if source.GetVolume() != nil {
		from, err = c.disks.volume(source.GetVolume().GetVolumeId())
	}
	if err != nil {
		return status.Error(codes.InvalidArgument, err.Error())
	}
	info, err := os.Stat(from)
	if err != nil {
		return status.Errorf(codes.NotFound, "the source is not there: %v", err)
	}
	if bytes > 0 && bytes < info.Size() {
		return status.Errorf(codes.OutOfRange, "the source has %d bytes, and the claim asks for %d", info.Size(), bytes)
	}
	return internal(makeCopy(path, from, bytes))
}

func (c *controller) DeleteVolume(_ context.Context, request *csi.DeleteVolumeRequest) (*csi.DeleteVolumeResponse, error) {
	path, err := c.disks.volume(request.GetVolumeId())
	if err != nil {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	return &csi.DeleteVolumeResponse{}, internal(removed(path))
}

func (*controller) ValidateVolumeCapabilities(
	_ context.Context, request *csi.ValidateVolumeCapabilitiesRequest,
) (*csi.ValidateVolumeCapabilitiesResponse, error) {
	confirmed := &csi.ValidateVolumeCapabilitiesResponse_Confirmed{VolumeCapabilities: request.GetVolumeCapabilities()}
	return &csi.ValidateVolumeCapabilitiesResponse{Confirmed: confirmed}, nil
}

func (c *controller) CreateSnapshot(
	_ context.Context, request *csi.CreateSnapshotRequest,
) (*csi.CreateSnapshotResponse, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	source, err := c.disks.volume(request.GetSourceVolumeId())
	if err != nil {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	path, err := c.disks.snapshot(request.GetName())
	if err != nil {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	if !exists(path) {
		if !exists(source) {
			return nil, status.Errorf(codes.NotFound, "the volume %s is not there", request.GetSourceVolumeId())
		}
		if err := makeCopy(path, source, 0); err != nil {
			return nil, internal(err)
		}
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, internal(err)
	}
	return &csi.CreateSnapshotResponse{Snapshot: &csi.Snapshot{
		SnapshotId:     request.GetName(),
		SourceVolumeId: request.GetSourceVolumeId(),
		SizeBytes:      info.Size(),
		CreationTime:   timestamppb.New(info.ModTime()),
		ReadyToUse:     true,
	}}, nil
}

func (c *controller) DeleteSnapshot(
	_ context.Context, request *csi.DeleteSnapshotRequest,
) (*csi.DeleteSnapshotResponse, error) {
	path, err := c.disks.snapshot(request.GetSnapshotId())
	if err != nil {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	return &csi.DeleteSnapshotResponse{}, internal(removed(path))
}

// removed removes a file; one that is gone is no error.
func removed(path string) error {
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return err
	}
	return nil
}

func internal(err error) error {
	if err == nil {
		return nil
	}
	return status.Error(codes.Internal, err.Error())
}
