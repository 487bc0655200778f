import { KeyPair } from "@cdktf/provider-aws/lib/key-pair";
import type { Construct } from "constructs";
import { keyPairNameIn } from "../aws/names";
import { calls, type Actions } from "./actions";

export const keyPairActions: Actions = {
  look: ["ec2:Describe*"],
  build: calls("ec2", "ImportKeyPair DeleteKeyPair CreateTags DeleteTags"),
};

export interface SshKey {
  readonly name: string;
  readonly publicKey?: string | undefined;
}

/**
 * The name of an instance's key pair: an existing one, or, given a public key, one that is created here under the environment's
 * own name; undefined without a key. A private key is never asked for, so none can be in the state.
 */
export function keyPairName(
  scope: Construct,
  id: string,
  environment: string,
  key: SshKey | undefined,
): string | undefined {
  if (key === undefined) return undefined;
  const keyName = keyPairNameIn(environment, key);
  if (key.publicKey === undefined) return keyName;
  // A key that was read from a file ends in a new line.
  return new KeyPair(scope, id, { keyName, publicKey: key.publicKey.trim() }).keyName;
}
