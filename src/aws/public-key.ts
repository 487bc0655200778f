/** Public keys as EC2 imports them: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/create-key-pairs.html#how-to-generate-your-own-key-and-import-it-to-aws */

/** Bits of an RSA key that EC2 accepts. */
const RSA_BITS = { least: 1024, most: 4096 };

const ED25519_BYTES = 32;

/** Why EC2 would refuse it, as the end of a sentence that begins with the key; undefined if it accepts it. White space around it is no matter. */
export function publicKeyProblem(text: string): string | undefined {
  const [, type, encoded = ""] = /^(ssh-ed25519|ssh-rsa) ([A-Za-z0-9+/]+={0,2})( [^\r\n]*)?$/.exec(text.trim()) ?? [];
  if (type === undefined) return "is not a public key (ssh-ed25519 … or ssh-rsa …)";
  const [inner, ...numbers] = partsOf(Buffer.from(encoded, "base64")) ?? [];
  if (inner === undefined)
    return "is not a whole public key: copy it again, the line of the .pub file from its beginning to its end";
  if (inner.toString("latin1") !== type) return `says ${type} and is ${JSON.stringify(inner.toString("latin1"))}`;
  if (type === "ssh-ed25519")
    return numbers.length === 1 && numbers[0]?.length === ED25519_BYTES ? undefined : "is not a whole public key";
  const [, modulus] = numbers;
  if (numbers.length !== 2 || modulus === undefined) return "is not a whole public key";
  const bits = modulus.toString("hex").replace(/^(00)+/, "").length * 4;
  return bits >= RSA_BITS.least && bits <= RSA_BITS.most
    ? undefined
    : `has ${String(bits)} bits; EC2 takes ${String(RSA_BITS.least)} to ${String(RSA_BITS.most)}`;
}

/** The parts of a key, each after its length in four bytes; undefined if the last one is cut off. https://www.rfc-editor.org/rfc/rfc4253#section-6.6 */
function partsOf(blob: Buffer): Buffer[] | undefined {
  if (blob.length === 0) return [];
  const end = blob.length < 4 ? Infinity : 4 + blob.readUInt32BE(0);
  const rest = end <= blob.length ? partsOf(blob.subarray(end)) : undefined;
  return rest && [blob.subarray(4, end), ...rest];
}
