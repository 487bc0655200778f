/** A playground without servers: it gives a group the instances that it asks for, as soon as the test lets it. */
import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import type { Clients } from "../../src/account/clients";
import { awsRequestOf, type AwsAnswer, type AwsRequest } from "../../src/playground/aws-request";
import { readCloud } from "../../src/playground/cloud";
import type { GroupState } from "../../src/playground/group-state";
import { planeOf, type Plane, type TargetHealth } from "../../src/playground/plane";

export class StandIn {
  readonly plane: Plane;
  readonly requests: AwsRequest[] = [];
  /** What it answers to requests of an action. */
  readonly refusals = new Map<AwsRequest["action"], AwsAnswer>();
  readonly failures: unknown[] = [];
  /** Whether it launches and terminates by itself. */
  isActive = false;
  private readonly server: Server;
  private work: Promise<unknown> = Promise.resolve();

  constructor(
    emulator: string,
    private readonly clients: Clients,
  ) {
    this.plane = planeOf(emulator);
    this.server = createServer((request, response) => {
      void json(request).then((body) => {
        const asked = awsRequestOf(body);
        this.requests.push(asked);
        response.end(JSON.stringify(this.refusals.get(asked.action) ?? {}));
        if (this.isActive) this.follow(asked).catch((error: unknown) => this.failures.push(error));
      });
    });
  }

  async attach(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    await this.plane.attach(`http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`, "127.0.0.1");
  }

  async stop(): Promise<void> {
    await this.work;
    this.server.close().closeAllConnections();
  }

  async group(name: string): Promise<GroupState | undefined> {
    return (await readCloud(this.clients)).groups.find((group) => group.name === name);
  }

  /** What a request makes of a group's instances; one after the other. */
  follow(asked: AwsRequest): Promise<void> {
    const done = this.work.then(async () => {
      if (asked.action === "terminateInstance") {
        await this.remove(asked.group, asked.instance);
        const desired = (await this.group(asked.group))?.desired ?? 0;
        if (asked.decrement) await this.plane.desired(asked.group, desired - 1);
      }
      await this.fill(asked.group);
    });
    this.work = done.catch(() => undefined);
    return done;
  }

  private async fill(name: string): Promise<void> {
    const group = await this.group(name);
    if (group === undefined) return;
    const { members, desired, subnets } = group;
    for (const { id } of members.slice(desired)) await this.remove(name, id);
    const taken = members.map(({ subnetId }) => subnetId);
    while (taken.length < desired) {
      const [emptiest = ""] = [...subnets].sort((one, other) => countOf(taken, one) - countOf(taken, other));
      taken.push(emptiest);
      await this.serve(name, await this.launch(name, emptiest));
    }
  }

  async launch(group: string, subnet: string): Promise<string> {
    const { id } = await this.plane.launch(group, subnet);
    await this.note(group, `Launching a new EC2 instance: ${id}`);
    return id;
  }

  /** Puts it in service, and finds it healthy. */
  async serve(group: string, id: string): Promise<void> {
    await this.plane.member(group, id, "InService", "Healthy");
    await this.find(group, { [id]: { state: "healthy" } });
  }

  private async remove(group: string, id: string): Promise<void> {
    await this.note(group, `Terminating EC2 instance: ${id}`);
    await this.plane.remove(group, id);
  }

  private readonly health: Record<string, TargetHealth> = {};

  async find(group: string, found: Readonly<Record<string, TargetHealth>>): Promise<void> {
    Object.assign(this.health, found);
    for (const arn of (await this.group(group))?.targetGroups ?? []) await this.plane.health(arn, this.health);
  }

  private async note(group: string, description: string): Promise<void> {
    const startTime = new Date().toISOString();
    const cause = `At ${startTime} the stand-in was asked for it.`;
    const done = { status: "Successful", progress: 100, endTime: startTime } as const;
    await this.plane.activity(group, { id: randomUUID(), description, cause, startTime, ...done });
  }
}

const countOf = (all: readonly string[], one: string) => all.filter((each) => each === one).length;
