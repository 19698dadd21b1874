/** Says on stderr, as stdout is the tool's, that something slow starts; its result says how long it took. */
export function progress(starting: string, done: string): () => void {
  const start = Date.now();
  console.error(`${starting} …`);
  return () => console.error(`${done} in ${Math.ceil((Date.now() - start) / 1000)} s`);
}
