// Enforces the NetworkPolicies of a node: kube-network-policies' controller, for a kernel that can't do what its nftables
// rules need. Two rules of iptables, which the node has, hand it the first packet of each connection.
package main

import (
	"context"
	"flag"
	"os"
	"os/signal"
	"syscall"

	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"
	"sigs.k8s.io/kube-network-policies/pkg/networkpolicy"
)

func main() {
	kubeconfig := flag.String("kubeconfig", "", "the file with the credentials for the API server")
	node := flag.String("node", "", "the name of the node")
	queue := flag.Int("queue", 100, "the number of the NFQUEUE that the rules fill")
	flag.Parse()
	if err := run(*kubeconfig, networkpolicy.Config{NodeName: *node, QueueID: *queue}); err != nil {
		klog.ErrorS(err, "policies are not enforced any more")
		os.Exit(1)
	}
}

func run(kubeconfig string, settings networkpolicy.Config) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	informers := informers.NewSharedInformerFactory(client, 0)
	core := informers.Core().V1()
	policies := informers.Networking().V1().NetworkPolicies()
	// No policies of an administrator, which are kinds of their own and in no cluster by themselves.
	controller, err := networkpolicy.NewController(
		client, policies, core.Namespaces(), core.Pods(), nil, nil, nil, nil, settings,
	)
	if err != nil {
		return err
	}
	informers.Start(ctx.Done())
	return controller.Run(ctx)
}
