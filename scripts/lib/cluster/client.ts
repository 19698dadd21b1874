// Loaded only when a cluster is asked: it takes longer to load than everything else.
export const client = () => import("@kubernetes/client-node");
