/** A real deployment for a test: an emulator of its own, and the project's own commands. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { EC2Client } from "@aws-sdk/client-ec2";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { EMULATED } from "../../src/config/emulated";
import { environments, remoteState } from "../../src/config/environments";
import { workspaceOf, type Workspace } from "../../src/deploy/workspace";
import { copyEmulator, startEmulator, stopEmulator } from "../../src/emulator/emulator";
import type { Finished, Listener } from "../../src/machine/run";
import { clientConfig, type ClientConfig } from "../../src/account/client-config";
import { census } from "./census";
import { cli } from "./cli";
import { deployment } from "./deployment";

const { region } = environments.local;

/** An emulator that runs, with a folder of its own. */
export class Cloud {
  private constructor(
    readonly folder: string,
    readonly workspace: Workspace,
    readonly config: ClientConfig,
  ) {}

  /** An account with nothing in it. @param stateBucket whether the state's bucket is there, without the minute that its deploy takes */
  static async start(stateBucket: "made" | "missing"): Promise<Cloud> {
    const cloud = await Cloud.with((folder) => startEmulator(folder, environments.local, "process", process.env));
    if (stateBucket === "made") {
      await cloud.s3.send(
        new CreateBucketCommand({
          Bucket: remoteState.bucket,
          CreateBucketConfiguration: { LocationConstraint: "ap-south-1" },
        }),
      );
    }
    return cloud;
  }

  /** A copy of the deployment that is made once for all tests, with its state. */
  static async deployed(): Promise<Cloud> {
    const original = await deployment();
    return Cloud.with((folder) => copyEmulator(original.folder, folder));
  }

  private static async with(start: (folder: string) => Promise<unknown>): Promise<Cloud> {
    const folder = mkdtempSync(join(tmpdir(), "flask-on-aws-"));
    await start(folder);
    const workspace = await workspaceOf(EMULATED, folder, process.env);
    return new Cloud(folder, workspace, clientConfig(workspace, region));
  }

  async stop(): Promise<void> {
    await stopEmulator(this.folder);
    rmSync(this.folder, { recursive: true, force: true });
  }

  get s3(): S3Client {
    return new S3Client(this.config);
  }

  get ec2(): EC2Client {
    return new EC2Client(this.config);
  }

  get scaling(): AutoScalingClient {
    return new AutoScalingClient(this.config);
  }

  /** One of the project's commands on this emulator. */
  command(args: readonly string[], onLine?: Listener, onStart?: (pid: number) => void): Promise<Finished> {
    return cli(this.folder, args, onLine, onStart);
  }

  census(): Promise<Record<string, number>> {
    return census(this.config);
  }
}
