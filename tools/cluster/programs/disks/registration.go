package main

import (
	"context"
	"log"

	pluginregistration "k8s.io/kubelet/pkg/apis/pluginregistration/v1"
)

// kubeletRegistration tells kubelet where the driver is, as node-driver-registrar does for drivers in pods.
type kubeletRegistration struct {
	pluginregistration.UnimplementedRegistrationServer
	name, socket string
}

func (r kubeletRegistration) GetInfo(context.Context, *pluginregistration.InfoRequest) (*pluginregistration.PluginInfo, error) {
	return &pluginregistration.PluginInfo{
		Type:              pluginregistration.CSIPlugin,
		Name:              r.name,
		Endpoint:          r.socket,
		SupportedVersions: []string{"1.0.0"},
	}, nil
}

func (r kubeletRegistration) NotifyRegistrationStatus(
	_ context.Context, status *pluginregistration.RegistrationStatus,
) (*pluginregistration.RegistrationStatusResponse, error) {
	if !status.PluginRegistered {
		log.Printf("kubelet refuses the driver: %s", status.Error)
	}
	return &pluginregistration.RegistrationStatusResponse{}, nil
}
