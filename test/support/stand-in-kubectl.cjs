// A stand-in for kubectl and for the API server behind it: VolumeSnapshots in a file, and what the script of snapshots asks of
// them. Whatever else is asked ends with 2.
const { readFileSync, writeFileSync } = require("node:fs");

const [file, ...words] = process.argv.slice(2);
const state = JSON.parse(readFileSync(file, "utf8"));
const asked = words.join(" ");
state.asked.push(asked);
const end = (code, out = "", error = "") => {
  writeFileSync(file, JSON.stringify(state));
  writeFileSync(`${file}.now`, `${state.now}\n`);
  if (out) process.stdout.write(out);
  if (error) process.stderr.write(`${error}\n`);
  process.exit(code);
};
const named = (name) => state.snapshots.find((each) => each.name === name);
const reply = (pattern, answer) => {
  const found = pattern.exec(asked);
  if (!found) return;
  const refusal = state.refused.find((each) => asked.startsWith(each.begins) && asked.includes(each.about ?? ""));
  if (refusal) end(1, "", `Error from server (Forbidden): ${refusal.says}`);
  answer(...found.slice(1));
};

reply(
  /^get volumesnapshots --selector (\S+) --sort-by \.metadata\.name --output jsonpath=\{range \.items\[\*\]\}\{\.metadata\.name\}=\{\.status\.readyToUse\} \{end\}$/,
  (selector) => {
    const wanted = selector.split(",").map((label) => label.split("="));
    const items = state.snapshots.filter(({ labels }) => wanted.every(([key, value]) => labels[key] === value));
    const names = items.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    end(0, names.map(({ name, ready }) => `${name}=${ready ?? ""} `).join(""));
  },
);
reply(/^create --validate=false --filename -$/, () => {
  const yaml = readFileSync(0, "utf8");
  state.yaml.push(yaml);
  const quoted = (key) => new RegExp(`\\b${key}: "([^"]+)"`).exec(yaml)?.[1];
  const name = quoted("name");
  if (named(name)) end(1, "", `Error from server (AlreadyExists): volumesnapshots "${name}" already exists`);
  const [labels] = /(?<=labels: \{).*(?=\})/.exec(yaml);
  const pairs = labels.split(",").map((each) => each.trim().replaceAll('"', "").split(": "));
  const claim = quoted("persistentVolumeClaimName");
  state.snapshots.push({
    name,
    labels: Object.fromEntries(pairs),
    claim,
    class: quoted("volumeSnapshotClassName"),
    ...state.made[claim],
  });
  end(0, `volumesnapshot.snapshot.storage.k8s.io/${name} created\n`);
});
reply(/^wait volumesnapshot\/(\S+) --for jsonpath=\{\.status\.readyToUse\}=true --timeout (\d+)s$/, (name, timeout) => {
  const snapshot = named(name);
  if (snapshot?.soon) snapshot.ready = true;
  if (snapshot?.ready) end(0, `volumesnapshot.snapshot.storage.k8s.io/${name} condition met\n`);
  state.now += Number(timeout);
  end(1, "", `error: timed out waiting for the condition on volumesnapshots/${name}`);
});
reply(/^get volumesnapshot (\S+) --output jsonpath=\{\.status\.error\.message\}$/, (name) => end(0, named(name).error));
reply(/^delete volumesnapshot (\S+) --wait=false$/, (name) => {
  state.snapshots = state.snapshots.filter((each) => each.name !== name);
  end(0, `volumesnapshot.snapshot.storage.k8s.io "${name}" deleted\n`);
});
end(2, "", `this stand-in does not know: kubectl ${asked}`);
