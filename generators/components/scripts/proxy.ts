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
 * Nothing but a connection that was not made counts: what was sent to a node is not sent again, for it may be what killed it,
 * and no request that fails makes the proxy take a node for dead. Connections to nodes are not kept, so that none is taken
 * for open that a dead node had. Those from Google's front ends are, for longer than the front ends do.
 *
 * The dot behind the Service's name keeps the resolver from trying the name in each of the pod's domains first.
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

(once) {
	lb_retry_match {
		expression false
	}
	transport http {
		dial_timeout 2s
		keepalive off
		compression off
	}
}
${proxiedPorts.map((name) => site(network, network.ports[name], ownPort(network, name))).join("")}`;

const site = (network: Network, port: number, own: number): string => `
:${port} {
	reverse_proxy 127.0.0.1:${own} {
		import once
	}
	handle_errors {
		@down expression \`{http.error.message}.startsWith("dial ")\`
		reverse_proxy @down ${serviceHost(network, keylessName(network, "rpc-node"))}.:${own} {
			lb_try_duration 10s
			lb_try_interval 100ms
			import once
		}
	}
}
`;
