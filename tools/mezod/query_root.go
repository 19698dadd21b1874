package main

import (
	"os"
	"slices"

	"github.com/cosmos/evm/cmd/evmd/cmd"
	"github.com/cosmos/evm/cmd/evmd/config"
	"github.com/cosmos/evm/evmd"
	"github.com/spf13/cobra"

	cmtcfg "github.com/cometbft/cometbft/config"

	"github.com/cosmos/cosmos-sdk/client"
	clientcfg "github.com/cosmos/cosmos-sdk/client/config"
	"github.com/cosmos/cosmos-sdk/client/flags"
	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/server"
	"github.com/cosmos/cosmos-sdk/version"
)

// isPlainQuery says whether the command is one of those that probes and gates run many times a minute: the SDK's own
// `status`, `query block` and `version`, which need nothing of the application.
func isPlainQuery(arguments []string) bool {
	if len(arguments) > 0 && slices.Contains([]string{"status", "version"}, arguments[0]) {
		return true
	}
	return len(arguments) > 1 && slices.Contains([]string{"query", "q"}, arguments[0]) && arguments[1] == "block"
}

// newQueryRoot is the root of these commands. evmd's own root makes a whole application first, which costs most of the
// time that such a command takes.
func newQueryRoot() *cobra.Command {
	registry := types.NewInterfaceRegistry()
	context := client.Context{}.
		WithCodec(codec.NewProtoCodec(registry)).
		WithInterfaceRegistry(registry).
		WithInput(os.Stdin).
		WithHomeDir(evmd.DefaultNodeHome).
		WithViper("")
	root := &cobra.Command{
		Use: "mezod",
		PersistentPreRunE: func(command *cobra.Command, _ []string) error {
			context, err := client.ReadPersistentCommandFlags(context.WithCmdContext(command.Context()), command.Flags())
			if err != nil {
				return err
			}
			if context, err = clientcfg.ReadFromClientConfig(context); err != nil {
				return err
			}
			if err := client.SetCmdClientContextHandler(context, command); err != nil {
				return err
			}
			template, settings := cmd.InitAppConfig(config.BaseDenom, config.EVMChainID)
			return server.InterceptConfigsPreRunHandler(command, template, settings, cmtcfg.DefaultConfig())
		},
	}
	query := &cobra.Command{Use: "query", Aliases: []string{"q"}}
	query.AddCommand(server.QueryBlockCmd())
	query.PersistentFlags().String(flags.FlagChainID, "", "The network chain ID")
	root.AddCommand(server.StatusCommand(), version.NewVersionCommand(), query)
	return root
}
