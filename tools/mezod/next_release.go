package main

import (
	"context"
	"io"
	"os"
	"strings"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/evm/cmd/evmd/config"
	"github.com/cosmos/evm/evmd"
	"github.com/cosmos/evm/server"
	"github.com/spf13/cobra"

	"cosmossdk.io/log"
	storetypes "cosmossdk.io/store/types"
	upgradetypes "cosmossdk.io/x/upgrade/types"

	"github.com/cosmos/cosmos-sdk/baseapp"
	sdkserver "github.com/cosmos/cosmos-sdk/server"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	"github.com/cosmos/cosmos-sdk/types/mempool"
	"github.com/cosmos/cosmos-sdk/types/module"
)

// plans are the names of the plans that this build carries out, oldest first, with commas between them: as a release of
// mezod carries out that of its line and those before. The linker sets it. In the build without it a chain stops at the
// height of every plan.
var plans string

// newStore is a store that the chain has from a plan on, as mezod's v0.3.0 brings two. Because of it a build starts on the
// data of a chain that has stopped for its last plan, or has passed it, and on no other.
func newStore(plan string) string {
	return "after-" + plan
}

// replaceStart gives a build with plans a start command whose node carries them out.
func replaceStart(root *cobra.Command) {
	if plans == "" {
		return
	}
	for _, command := range root.Commands() {
		if command.Name() == "start" {
			root.RemoveCommand(command)
		}
	}
	root.AddCommand(server.StartCmd(server.NewDefaultStartOptions(newNextApp, evmd.DefaultNodeHome)))
}

func newNextApp(logger log.Logger, db dbm.DB, trace io.Writer, options servertypes.AppOptions) servertypes.Application {
	base := append(sdkserver.DefaultBaseappOptions(options), withoutMempool)
	app := evmd.NewExampleApp(logger, db, trace, false, options, config.EVMChainID, evmd.EvmAppOptions, base...)
	info, err := app.UpgradeKeeper.ReadUpgradeInfoFromDisk()
	if err != nil {
		panic(err)
	}
	for _, plan := range strings.Split(plans, ",") {
		app.UpgradeKeeper.SetUpgradeHandler(plan, keepVersions)
		app.MountStores(storetypes.NewKVStoreKey(newStore(plan)))
		if info.Name == plan && !app.UpgradeKeeper.IsSkipHeight(info.Height) {
			added := &storetypes.StoreUpgrades{Added: []string{newStore(plan)}}
			app.SetStoreLoader(upgradetypes.UpgradeStoreLoader(info.Height, added))
		}
	}
	if err := app.LoadLatestVersion(); err != nil {
		logger.Error("error on loading last version", "err", err)
		os.Exit(1)
	}
	return app
}

// keepVersions is a handler that migrates no module.
func keepVersions(_ context.Context, _ upgradetypes.Plan, versions module.VersionMap) (module.VersionMap, error) {
	return versions, nil
}

// withoutMempool is what evmd's own start command sets.
func withoutMempool(app *baseapp.BaseApp) {
	none := mempool.NoOpMempool{}
	app.SetMempool(none)
	handler := baseapp.NewDefaultProposalHandler(none, app)
	app.SetPrepareProposal(handler.PrepareProposalHandler())
	app.SetProcessProposal(handler.ProcessProposalHandler())
}
