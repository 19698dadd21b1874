import { resolve } from "node:path";
import { generate } from "generators/generate.ts";
import { loadSources } from "generators/load.ts";
import { sidecarName } from "generators/network/names.ts";
import { OperatorError } from "generators/operator-error.ts";
import type { Source } from "generators/render.ts";
import { refuseUnfinished } from "generators/write-journal.ts";
import { defaultArtifacts } from "./artifacts/folder.ts";
import { run } from "./lib/cli.ts";
import { formatFinding } from "./lib/finding.ts";
import { printFindings, refuseFindings, warn } from "./lib/report.ts";
import { beginWriting } from "./lib/writing.ts";
import { requirePinned } from "./seal/authenticity.ts";
import { type Certificate, describe, validity } from "./seal/certificate.ts";
import { checkCheckout, checkKeystores } from "./seal/check.ts";
import type { PlainSecret } from "./seal/content.ts";
import { certificateFor, refuseOther } from "./seal/current-certificate.ts";
import { staleSecrets } from "./seal/expected.ts";
import { gatherKeystores, gatherSidecar } from "./seal/gather-secrets.ts";
import { secretFile } from "./seal/keystores-folder.ts";
import { kubesealVersion } from "./seal/kubeseal.ts";
import { sealArgs } from "./seal/options.ts";
import { checkSecondPlaces } from "./seal/places.ts";
import { named, refuseUnsignable, requestOf, type SealRequest } from "./seal/request.ts";
import { changedFiles, type SealedSecret, sealSecret } from "./seal/sealing.ts";
import { signed } from "./seal/signed.ts";
import { open, verify } from "./seal/verify.ts";

const usage = `Usage: pnpm seal <network> [validator…] [--from ${defaultArtifacts}] [--cert FILE | --controller NS/NAME]
       pnpm seal <network> --rotate [--from ${defaultArtifacts}] [--cert FILE | --controller NS/NAME]
       pnpm seal <network> --recover KEY.pem… [--cert FILE | --controller NS/NAME]
       pnpm seal <network> --verify [--from DIR] [--recover KEY.pem…]
       pnpm seal [network…] --check

Seals the keystores of a chain's testnet artifacts, and the sidecar's configuration, into
overlays/<network>/keystores/: SealedSecrets that are safe to commit. Then renders, as \`pnpm gen\` does.
Each keystore is proven to be that of the validator that the network describes; where one is not, nothing is written.
The network says for which certificate keys are sealed, and whose signature that needs: see \`sealing\` in its file.
What is already sealed for the same certificate stays as it is.

  --from DIR                   the folder of the artifacts (default: ${defaultArtifacts})
  --cert FILE                  the controller's certificate (default: the one committed with the network's keystores)
  --controller NS/NAME         fetch the certificate from the controller in kubectl's current context
  --context NAME               the name of that context, for a network that does not name its cluster; otherwise the
                               terminal is asked
  --ethereum-node-address FILE seal the Ethereum node's ws or wss URL from a file, or - for standard input; until it is
                               sealed, the terminal is asked. "${sidecarName}" instead of a validator seals it alone
  --with-recovery-material     seal mnemonics and keyring passwords too, also where no pod needs them
  --sign-with KEY              sign what is sealed with this OpenSSH key, a private one or the public half of one that an
                               agent has; needed where something changes
  --rotate                     seal everything, for a certificate that is not the network's current one
  --recover KEY                open the sealed files with the controller's private keys and seal them again, without
                               the artifacts; PEM files, or a backup of the controller's Secrets
  --verify                     prove that what is sealed is what the artifacts hold, or with --recover what it opens to;
                               writes nothing
  --check                      check what is committed; needs no secret and no cluster
  --help                       show this text
`;

const root = resolve(import.meta.dirname, "..");

await run(usage, async () => {
  const { values: options, positionals } = sealArgs();
  if (options.check || options.verify) refuseUnfinished(root);
  else beginWriting(root);
  const sources = await loadSources(root);
  if (options.check) return check(positionals.length > 0 ? named(sources, positionals) : sources);

  const request = requestOf(root, sources, positionals, options);
  if (options.verify) return verifySealed(request);
  const keystores = await openOrGather(request);
  const certificate = await chooseCertificate(request);
  const sidecar = await gatherSidecarFor(request, certificate);
  const sealed = await sealAll(request, [...keystores, ...sidecar], certificate);
  await write(request, certificate, sealed);
  return 0;
});

function check(sources: readonly Source[]): number {
  const { checked, plain } = checkCheckout(
    root,
    sources.map(({ network }) => network),
  );
  for (const { network, sealed } of checked) console.log(`${network}: ${sealed === 0 ? "nothing" : sealed} sealed`);
  const findings = [...checked.flatMap((each) => each.findings), ...plain];
  printFindings(findings);
  return findings.some(({ severity }) => severity === "error") ? 1 : 0;
}

/** What is to be sealed: out of the sealed files where there are keys to open them with, else out of the artifacts. */
async function openOrGather(request: SealRequest): Promise<PlainSecret[]> {
  const { source, selection, options, keyFiles, places } = request;
  const { network } = source;
  const { secrets, findings, warnings } = keyFiles
    ? await open(request, keyFiles)
    : await gatherKeystores(source, selection, options);
  for (const warning of warnings) warn(warning);
  refuseFindings("nothing was sealed", [...findings, ...checkSecondPlaces(network, selection.validators, places)]);
  if (keyFiles) console.log(`opened    all ${secrets.length}, each with the content that was sealed`);
  return secrets;
}

async function verifySealed(request: SealRequest): Promise<number> {
  const { findings, proven } = await verify(request);
  printFindings(findings);
  if (findings.some(({ severity }) => severity === "error")) return 1;
  console.log(`verify: ${request.source.network.name}: ${proven}`);
  return 0;
}

async function chooseCertificate(request: SealRequest): Promise<Certificate> {
  const { source, options, keyFiles, signWith, files, lock } = request;
  const { network } = source;
  const { from, certificate, warning } = await certificateFor(network, files, options);
  if (warning) warn(warning);
  const { isOver, message } = validity(certificate) ?? {};
  if (isOver) throw new OperatorError(`certificate ${from} ${message}`);
  if (message) warn(`certificate ${from} ${message}`);
  requirePinned(network, from, certificate, signWith);
  refuseUnsignable(request);
  console.log(`${await kubesealVersion()}, certificate ${describe(certificate)}`);
  if (!keyFiles && !options.rotate) refuseOther(network, certificate, files, lock);
  for (const [secret, entry] of Object.entries(lock.secrets)) {
    if (entry.certificate === certificate.fingerprint) continue;
    console.log(`${secret} is sealed for another certificate, ${entry.certificate}`);
  }
  return certificate;
}

/** The certificate comes first: only a configuration that is not sealed for it yet is asked for. */
async function gatherSidecarFor(request: SealRequest, certificate: Certificate): Promise<PlainSecret[]> {
  const { source, selection, options, keyFiles, lock, fault } = request;
  // What nobody knows the origin of is sealed anew.
  const secrets = fault === undefined ? lock.secrets : {};
  return keyFiles ? [] : await gatherSidecar(source.network, selection, { ...lock, secrets }, certificate, options);
}

async function sealAll(
  { source: { network }, keyFiles, files, lock, fault }: SealRequest,
  secrets: readonly PlainSecret[],
  certificate: Certificate,
): Promise<SealedSecret[]> {
  const sealed: SealedSecret[] = [];
  for (const secret of secrets) {
    const { name, content } = secret;
    const isKnown = fault === undefined || keyFiles !== undefined;
    const present = isKnown ? files.get(secretFile(network.name, name)) : undefined;
    const result = await sealSecret(network, secret, certificate, lock.secrets[name], present);
    console.log(
      `${result.isNew ? "sealed   " : "unchanged"} ${name}, ${content.size} ${content.size === 1 ? "key" : "keys"}`,
    );
    sealed.push(result);
  }
  return sealed;
}

async function write(request: SealRequest, certificate: Certificate, sealed: readonly SealedSecret[]): Promise<void> {
  const { source, selection, keyFiles, files, lock } = request;
  const { network } = source;
  const stale = selection.isAll && !keyFiles ? staleSecrets(network, lock) : [];
  for (const secret of stale) console.log(`removed   ${secret}: ${network.name} no longer has such a Secret`);
  const { inputs, removed } = await signed(request, changedFiles(network, certificate, lock, sealed, stale));
  const after = new Map([...files, ...inputs].filter(([file]) => !removed.includes(file)));
  for (const finding of checkKeystores(network, after)) {
    if (finding.severity === "error") warn(formatFinding(finding));
  }
  const { diff } = await generate(root, { inputs, removed });
  const written = diff.missing.length + diff.changed.length;
  console.log(`seal: ${network.name}: ${written} files written, ${diff.extra.length} removed`);
}
