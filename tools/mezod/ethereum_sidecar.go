package main

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"os/signal"
	"syscall"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"
	"github.com/cosmos/cosmos-sdk/crypto/keyring"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/spf13/cobra"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
)

const (
	serverFlag  = "ethereum-sidecar.server.address"
	addressFlag = "ethereum-sidecar.server.ethereum-node-address"
	keyNameFlag = "key-name"
)

// newEthereumSidecarCommand stands in for the ethereum-sidecar, which reads the bridge's events from an Ethereum node. It
// takes that node's address, never dials it, and answers gRPC health checks on the port that the real one serves. Like that of
// v4 and later releases it takes an account's key from a keyring, whose password it reads from standard input.
func newEthereumSidecarCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "ethereum-sidecar",
		Short: "Stand-in that serves health checks and dials no Ethereum node",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			if err := readKey(command); err != nil {
				return err
			}
			address, err := command.Flags().GetString(addressFlag)
			if err != nil {
				return err
			}
			server, err := command.Flags().GetString(serverFlag)
			if err != nil {
				return err
			}
			return serveEthereumSidecar(server, address)
		},
	}
	command.Flags().String(serverFlag, "0.0.0.0:7500", "where it listens")
	command.Flags().String(addressFlag, "", "ws or wss URL of an Ethereum node")
	command.Flags().String("ethereum-sidecar.server.network", "sepolia", "the network of Ethereum, which nobody here asks")
	command.Flags().String("ethereum-sidecar.server.assets-unlocked-endpoint", "127.0.0.1:9090", "gRPC of a node, which nobody here asks")
	command.Flags().String(keyNameFlag, "", "the account's name in the keyring")
	command.Flags().String(flags.FlagKeyringBackend, keyring.BackendOS, "the keyring's kind")
	command.Flags().String(flags.FlagKeyringDir, "", "the folder that the keyring is in")
	return command
}

// readKey opens the keyring twice: the real sidecar reads its password more than once, too.
func readKey(command *cobra.Command) error {
	values := map[string]string{}
	for _, name := range []string{keyNameFlag, flags.FlagKeyringBackend, flags.FlagKeyringDir} {
		value, err := command.Flags().GetString(name)
		if err != nil {
			return err
		}
		values[name] = value
	}
	if values[keyNameFlag] == "" {
		return nil
	}
	context := client.GetClientContextFromCmd(command)
	for range 2 {
		ring, err := keyring.New(
			sdk.KeyringServiceName(),
			values[flags.FlagKeyringBackend],
			values[flags.FlagKeyringDir],
			os.Stdin,
			context.Codec,
			context.KeyringOptions...,
		)
		if err != nil {
			return err
		}
		if _, err := ring.Key(values[keyNameFlag]); err != nil {
			return err
		}
	}
	fmt.Fprintf(os.Stderr, "attests with the account of %s\n", values[keyNameFlag])
	return nil
}

func serveEthereumSidecar(sidecarAddress, address string) error {
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
