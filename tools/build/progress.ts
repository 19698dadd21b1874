/**
 * Says on standard error that something slow starts; standard output belongs to the tool.
 *
 * @returns a function that says how long it took.
 */
export function progress(starting: string, done: string): () => void {
  const start = Date.now();
  console.error(`${starting} …`);
  return () => console.error(`${done} in ${Math.ceil((Date.now() - start) / 1000)} s`);
}
