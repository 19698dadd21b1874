/** The real node's name in the cluster. */
export const nodeName = "node-0";

/** The user that its kubelet is to the API server. */
export const kubeletUser = "system:node:node-0";

/** Its address, in a network namespace of its own. */
export const nodeAddress = "10.98.0.1";

/** The address ranges of pods and of Services. */
export const podRange = "10.97.0.0/16";
export const serviceRange = "10.96.0.0/16";
