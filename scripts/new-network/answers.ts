/** What a new network is, as a person says it. */
export interface Answers {
  name: string;
  app: string;
  namespace: string;
  chainId: string;
  denom: string;
  bech32Prefix: string;
  /** The image's name and tag. */
  image: string;
  /** The digest of the price oracle's image, for a release that has one. */
  connectDigest?: string;
  validators: number;
  gke?: GkeAnswers;
  argocd?: ArgocdAnswers;
}

export interface GkeAnswers {
  project: string;
  cluster: string;
  region: string;
  machine: string;
  nodes: number;
  /** What the validators' public names end with. */
  domain: string;
}

export interface ArgocdAnswers {
  repoURL: string;
  revision: string;
  /** Another cluster than Argo CD's: its server's URL, or its name there. */
  destination?: string;
}
