/** What a listener does with a request: an answer of its own, or a target. */
import type { IncomingMessage } from "node:http";
import type { ListenerState, RuleAction } from "../cloud-state";
import { errorPage, fixedResponse, redirect, type Answer } from "./answers";
import { refusal } from "./headers";
import { actionFor } from "./rules";
import { cookiesOf, groupCookies, groupOf, stickySeconds, targetCookies, targetOf } from "./sticky";
import type { Target } from "./target";
import type { Targets } from "./targets";
import { weighted } from "./weighted";

export interface RoutingOptions {
  readonly targetsOf: (arn: string) => Targets | undefined;
  readonly addressOf: (instance: string) => string | undefined;
  /** Where this machine has the listener of a port. */
  readonly realPort: (port: number) => number;
}

/** Where a request is sent. */
export interface Route {
  /** ARN. */
  readonly group: string;
  readonly target: Target;
  readonly address: string;
  /** That keep the client there. */
  readonly cookies: readonly string[];
}

export type Decision =
  { readonly answer: Answer; readonly group?: string; readonly target?: Target; readonly refused?: boolean } | Route;

type Forward = RuleAction & { readonly type: "forward" };

export class Routing {
  private readonly choose = weighted();

  constructor(
    public state: ListenerState,
    public options: RoutingOptions,
  ) {}

  /** @param source address of the client */
  decide(request: IncomingMessage, source: string): Decision {
    const { method = "GET", url = "/", headers, rawHeaders, httpVersion } = request;
    const refused = refusal({ method, url, httpVersion, headers, rawHeaders });
    if (refused !== undefined) return { answer: errorPage(refused), refused: true };
    const action = actionFor(this.state.rules, { method, url, headers, source });
    switch (action?.type) {
      case undefined:
        return { answer: errorPage(503) };
      case "fixed-response":
        return { answer: fixedResponse(action) };
      case "redirect": {
        const { realPort } = this.options;
        const entry = { protocol: "http", port: realPort(this.state.port), host: headers.host, url } as const;
        return { answer: redirect(action, entry, realPort) };
      }
      case "forward":
        return this.forward(action, headers.cookie);
    }
  }

  private forward({ targetGroups, stickySeconds: groupSeconds }: Forward, cookie: string | undefined): Decision {
    const cookies = cookiesOf(cookie);
    const stuck = groupSeconds === undefined ? undefined : groupOf(cookies);
    const known = targetGroups.find(({ arn, weight }) => arn === stuck && weight > 0)?.arn;
    const group = known ?? this.choose(targetGroups);
    const targets = group === undefined ? undefined : this.options.targetsOf(group);
    if (group === undefined || targets === undefined) return { answer: errorPage(503) };
    const seconds = stickySeconds(targets.attributes);
    const target = targets.next(seconds === undefined ? undefined : targetOf(cookies));
    if (target === undefined) return { answer: errorPage(503), group };
    const address = this.options.addressOf(target.id);
    if (address === undefined) return { answer: errorPage(502), group, target };
    const own = [
      ...(groupSeconds === undefined ? [] : groupCookies(group, groupSeconds)),
      ...(seconds === undefined ? [] : targetCookies(target.id, seconds)),
    ];
    return { group, target, address, cookies: own };
  }
}
