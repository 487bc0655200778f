/** The Application Load Balancers of the emulated account, on ports of this machine's loopback. */
import type { BalancerState, ListenerState, TargetGroupState } from "../cloud-state";
import { Listener, type ListenerOptions, type RequestRecord } from "./listener";
import { listen } from "./port";
import { Targets, type TargetsOptions } from "./targets";

export interface BalancersOptions extends TargetsOptions {
  readonly onRequest: (record: RequestRecord) => void;
}

interface Deployed {
  readonly balancers: readonly BalancerState[];
  readonly targetGroups: readonly TargetGroupState[];
}

export interface OpenListener {
  /** ARNs. */
  readonly balancer: string;
  readonly listener: string;
  /** As deployed. */
  readonly port: number;
  /** `http://127.0.0.1:PORT` */
  readonly address: string;
}

export class Balancers {
  private readonly groups = new Map<string, Targets>();
  private readonly listeners = new Map<string, { listener: Listener; open: OpenListener }>();
  private updates: Promise<void> = Promise.resolve();

  constructor(private readonly options: BalancersOptions) {}

  /** Takes what is deployed now. Resolves when the listeners are open, each on its own port where that is free, or on another one. */
  update(deployed: Deployed): Promise<void> {
    const applied = this.updates.then(() => this.apply(deployed));
    this.updates = applied.catch(() => undefined); // one that fails is its caller's; the next is tried nevertheless
    return applied;
  }

  get open(): readonly OpenListener[] {
    return [...this.listeners.values()].map(({ open }) => open);
  }

  /** Of a target group, by ARN. */
  targets(arn: string): Targets | undefined {
    return this.groups.get(arn);
  }

  /** Gives an instance no more requests in any group. Resolves when those that it has are answered, or the delay is over. */
  async deregister(instance: string): Promise<void> {
    await Promise.all([...this.groups.values()].map((targets) => targets.deregister(instance)));
  }

  async stop(): Promise<void> {
    await this.updates;
    for (const targets of this.groups.values()) targets.stop();
    await Promise.all([...this.listeners.values()].map(({ listener }) => listener.close()));
    this.listeners.clear();
    this.groups.clear();
  }

  private async apply({ balancers, targetGroups }: Deployed): Promise<void> {
    const served = balancers.flatMap((balancer) =>
      balancer.listeners.filter(({ protocol }) => protocol === "HTTP").map((listener) => ({ balancer, listener })),
    );
    const inUse = new Set(served.flatMap(({ listener }) => groupsOf(listener)));
    for (const state of targetGroups) {
      const targets = this.groups.get(state.arn) ?? new Targets(state, this.options);
      this.groups.set(state.arn, targets);
      targets.update(state, inUse.has(state.arn));
    }
    for (const [arn, targets] of this.groups) {
      if (targetGroups.some((state) => state.arn === arn)) continue;
      targets.stop();
      this.groups.delete(arn);
    }

    for (const [arn, { listener, open }] of this.listeners) {
      if (served.some((one) => one.listener.arn === arn && one.listener.port === open.port)) continue;
      this.listeners.delete(arn);
      await listener.close();
    }
    for (const { balancer, listener: state } of served) {
      const options = this.optionsOf(balancer);
      const known = this.listeners.get(state.arn);
      if (known !== undefined) {
        known.listener.update(state, options);
        continue;
      }
      const listener = new Listener(state, options);
      const port = await listen(listener.server, state.port);
      const address = `http://127.0.0.1:${String(port)}`;
      const open = { balancer: balancer.arn, listener: state.arn, port: state.port, address };
      this.listeners.set(state.arn, { listener, open });
    }
  }

  private optionsOf(balancer: BalancerState): ListenerOptions {
    const { addressOf, onRequest } = this.options;
    return {
      balancer,
      targetsOf: (arn) => this.groups.get(arn),
      addressOf,
      onRequest,
      realPort: (port) => {
        const open = this.open.find((one) => one.balancer === balancer.arn && one.port === port);
        return open === undefined ? port : Number(new URL(open.address).port);
      },
    };
  }
}

const groupsOf = ({ rules }: ListenerState) =>
  rules.flatMap(({ action }) => (action.type === "forward" ? action.targetGroups.map(({ arn }) => arn) : []));
