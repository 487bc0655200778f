/** A request that a target has, until it is over. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { answerWith, errorPage } from "./answers";
import type { Route } from "./routing";
import type { InFlight } from "./target";

export interface Exchange extends InFlight {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** For the response, beside the target's own. */
  readonly cookies: readonly string[];
  /** After so long without a byte the target is too slow. */
  readonly idleMs: number;
  /** The target has answered with a status. */
  answered(status: number): void;
  /** No answer came, or half of one: the status is the load balancer's own. */
  failed(status: number): void;
}

/** @param over called once: the status that counts, whether it is the load balancer's own, and the bytes that were sent */
export function beginExchange(
  request: IncomingMessage,
  response: ServerResponse,
  { target, cookies }: Pick<Route, "target" | "cookies">,
  idleMs: number,
  over: (status: number, byBalancer: boolean, bytes: number) => void,
): Exchange {
  const { socket } = request;
  const sentBefore = socket.bytesWritten;
  let status: number | undefined;
  let byBalancer = false;
  const exchange: Exchange = {
    request,
    response,
    cookies,
    idleMs,
    answered: (answered) => (status ??= answered),
    failed: (own) => {
      // Half an answer must not look like a whole one.
      if (response.headersSent || status !== undefined) response.destroy();
      else {
        [status, byBalancer] = [own, true];
        answerWith(response, errorPage(own));
      }
    },
    cut: () => exchange.failed(502),
  };
  target.inFlight.add(exchange);
  response.once("close", () => {
    target.inFlight.delete(exchange);
    target.ended();
    // Without a status nobody was there any more to take an answer.
    over(status ?? CLIENT_CLOSED, byBalancer || status === undefined, socket.bytesWritten - sentBefore);
  });
  return exchange;
}

const CLIENT_CLOSED = 460;
