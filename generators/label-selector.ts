/** Labels as the API server's lists take them: app=mezo,type=node. */
export const labelSelector = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map((label) => label.join("="))
    .join();
