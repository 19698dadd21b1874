package main

import (
	"os"
	"slices"

	"github.com/ethereum/go-ethereum/metrics"
)

// setUpMetrics makes the EVM's metrics count as mezod's do, whose go-ethereum is older: with --metrics among the
// arguments all of them, whatever else says so none. Here gauges would count always and everything else never.
func setUpMetrics() {
	if slices.Contains(os.Args[1:], "--metrics") {
		metrics.Enable()
		return
	}
	metrics.DefaultRegistry.Each(func(name string, metric any) {
		if _, isGauge := metric.(*metrics.Gauge); isGauge {
			metrics.DefaultRegistry.Unregister(name)
			_ = metrics.DefaultRegistry.Register(name, new(metrics.Gauge))
		}
	})
}
