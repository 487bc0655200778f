import { generateKeyPairSync } from "node:crypto";
import { publicKeyProblem } from "../../src/aws/public-key";

/** A key in OpenSSH's format: each part after its length. */
function key(type: string, inner: string, ...numbers: readonly Buffer[]): string {
  const parts = [Buffer.from(inner), ...numbers].flatMap((part) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    return [length, part];
  });
  return `${type} ${Buffer.concat(parts).toString("base64")}`;
}
const exponent = Buffer.from([1, 0, 1]);
/** With the leading zero of a positive number whose highest bit is set. */
const modulus = (bits: number) => Buffer.concat([Buffer.from([0, 0x80]), Buffer.alloc(bits / 8 - 1, 1)]);

const ed25519 = key("ssh-ed25519", "ssh-ed25519", Buffer.alloc(32, 7));
const rsa = (bits: number) => key("ssh-rsa", "ssh-rsa", exponent, modulus(bits));

test.each([
  ed25519,
  `${ed25519} me@home, my laptop`,
  `${ed25519}\n`,
  `  ${ed25519} me@home\r\n`,
  ...[1024, 2048, 3072, 4096].map(rsa),
])("%j is a key", (text) => {
  expect(publicKeyProblem(text)).toBeUndefined();
});

test("a key that was really made is one", () => {
  const { n = "", e = "" } = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ format: "jwk" });
  const [exponent, number] = [e, n].map((each) => Buffer.from(each, "base64url")) as [Buffer, Buffer];
  expect(
    publicKeyProblem(key("ssh-rsa", "ssh-rsa", exponent, Buffer.concat([Buffer.alloc(1), number]))),
  ).toBeUndefined();
});

test.each([
  ["ssh-rsa AAAA", "is not a whole public key"],
  ["ssh-ed25519 AAAA", "is not a whole public key"],
  [ed25519.slice(0, -8), "is not a whole public key"],
  [key("ssh-ed25519", "ssh-ed25519", Buffer.alloc(31)), "is not a whole public key"],
  [key("ssh-ed25519", "ssh-ed25519"), "is not a whole public key"],
  [key("ssh-rsa", "ssh-rsa", exponent), "is not a whole public key"],
  [ed25519.replace("ssh-ed25519", "ssh-rsa"), 'says ssh-rsa and is "ssh-ed25519"'],
  [rsa(2048).replace("ssh-rsa", "ssh-ed25519"), 'says ssh-ed25519 and is "ssh-rsa"'],
  [rsa(512), "has 512 bits; EC2 takes 1024 to 4096"],
  [rsa(8192), "has 8192 bits; EC2 takes 1024 to 4096"],
  [`${ed25519}\n${ed25519}`, "is not a public key"],
  [key("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256", Buffer.alloc(65)), "is not a public key"],
  ["-----BEGIN OPENSSH PRIVATE KEY-----", "is not a public key"],
  ["", "is not a public key"],
])("%s %s", (text, problem) => {
  expect(publicKeyProblem(text)).toContain(problem);
});
