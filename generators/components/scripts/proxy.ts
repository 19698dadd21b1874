import { keylessName, ownPort, proxiedPorts } from "../../network/keyless.ts";
import { serviceHost } from "../../network/names.ts";
import type { Network } from "../../network/schema.ts";

/** The file of the proxy's settings, among the scripts. */
export const proxyFile = "Caddyfile";

/**
 * The settings of the proxy before each RPC node. It passes on to the node in its pod. While that one takes no connection, as
 * when the kernel has killed it for its memory, Kubernetes goes on leading requests to the pod for a second or more: these it
 * passes on to another RPC node, at the Service of all. It asks that one's node and never its proxy, so that two that are down
 * send nothing back and forth.
 *
 * What was already sent to a node is not sent again: it may be what killed it. Connections to nodes are not kept, so that
 * none is taken for open that a dead node had. Those from Google's front ends are, for longer than the front ends do.
 */
export const proxySettings = (network: Network): string => `{
	admin off
	auto_https off
	persist_config off
	grace_period 20s
	servers {
		timeouts {
			idle 10m20s
		}
	}
}
${proxiedPorts.map((name) => site(network, network.ports[name], ownPort(network, name))).join("")}`;

const site = (network: Network, port: number, own: number): string => `
:${port} {
	reverse_proxy 127.0.0.1:${own} ${serviceHost(network, keylessName(network, "rpc-node"))}:${own} {
		lb_policy first
		lb_try_duration 10s
		lb_try_interval 100ms
		fail_duration 500ms
		transport http {
			dial_timeout 2s
			keepalive off
			compression off
		}
	}
}
`;
