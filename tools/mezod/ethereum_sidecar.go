package main

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
)

const (
	addressFlag    = "ethereum-sidecar.server.ethereum-node-address"
	sidecarAddress = ":7500"
)

// newEthereumSidecarCommand stands in for the ethereum-sidecar, which reads the bridge's events from an Ethereum node. It
// takes that node's address, never dials it, and answers gRPC health checks on the port that the real one serves.
func newEthereumSidecarCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "ethereum-sidecar",
		Short: "Stand-in that serves health checks and dials no Ethereum node",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			address, err := command.Flags().GetString(addressFlag)
			if err != nil {
				return err
			}
			return serveEthereumSidecar(address)
		},
	}
	command.Flags().String(addressFlag, "", "ws or wss URL of an Ethereum node")
	return command
}

func serveEthereumSidecar(address string) error {
	// The URL may hold its provider's API key, so no error quotes it.
	node, err := url.Parse(address)
	if err != nil || (node.Scheme != "ws" && node.Scheme != "wss") || node.Host == "" {
		return fmt.Errorf("--%s is not a ws or wss URL", addressFlag)
	}
	listener, err := net.Listen("tcp", sidecarAddress)
	if err != nil {
		return err
	}
	server := grpc.NewServer()
	healthpb.RegisterHealthServer(server, health.NewServer())
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		<-stop
		server.GracefulStop()
	}()
	return server.Serve(listener)
}
