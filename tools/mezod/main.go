// A stand-in for mezod, the Mezo chain's node, which no registry has: evmd, the Cosmos EVM project's example node, with
// Mezo's identity. It has x/staking instead of x/poa, no bridge, and no client of the ethereum-sidecar; its
// ethereum-sidecar is a stand-in, too.
package main

import (
	"fmt"
	"os"

	"github.com/cosmos/evm/cmd/evmd/cmd"
	"github.com/cosmos/evm/cmd/evmd/config"
	"github.com/cosmos/evm/evmd"
	evmtypes "github.com/cosmos/evm/x/vm/types"

	svrcmd "github.com/cosmos/cosmos-sdk/server/cmd"
	sdk "github.com/cosmos/cosmos-sdk/types"
)

const (
	evmChainID = 31611
	denom      = "abtc"
	prefix     = "mezo"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	if isPlainQuery(os.Args[1:]) {
		return svrcmd.Execute(newQueryRoot(), "mezod", evmd.DefaultNodeHome)
	}
	setUpMetrics()
	config.ChainsCoinInfo[evmChainID] = evmtypes.EvmCoinInfo{
		Denom:         denom,
		ExtendedDenom: denom,
		DisplayDenom:  "btc",
		Decimals:      evmtypes.EighteenDecimals,
	}
	if err := evmd.EvmAppOptions(evmChainID); err != nil {
		return err
	}
	// evmd reads the EVM chain id from app.toml, and Mezo's does not hold it; the environment sets it instead.
	if err := os.Setenv("MEZOD_EVM_EVM_CHAIN_ID", fmt.Sprint(evmChainID)); err != nil {
		return err
	}
	sdkConfig := sdk.GetConfig()
	sdkConfig.SetBech32PrefixForAccount(prefix, prefix+"pub")
	sdkConfig.SetBech32PrefixForValidator(prefix+"valoper", prefix+"valoperpub")
	sdkConfig.SetBech32PrefixForConsensusNode(prefix+"valcons", prefix+"valconspub")
	config.SetBip44CoinType(sdkConfig)
	sdkConfig.Seal()
	root := cmd.NewRootCmd()
	root.AddCommand(newEthereumSidecarCommand())
	replaceStart(root)
	return svrcmd.Execute(root, "mezod", evmd.DefaultNodeHome)
}
