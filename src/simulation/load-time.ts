/** Times in a file of a load. */

/** A load's own seconds, or a real time: as ISO 8601, in seconds of the epoch, or in milliseconds. */
export type TimeKind = "seconds" | "iso" | "epoch" | "milliseconds";

export interface Time {
  readonly kind: TimeKind;
  /** Since the load's beginning, or since the epoch. */
  readonly seconds: number;
}

/** No load is so long, and no epoch so early (March 1973, in milliseconds as in seconds), so that no number is both. */
const [EPOCH, EPOCH_MILLISECONDS] = [1e8, 1e11];

/** https://tc39.es/ecma262/#sec-time-values-and-time-range */
const LATEST_MILLISECONDS = 8.64e15;

const NUMBER = /^\d+(\.\d+)?(e\+?\d+)?$/i;
const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/;

/** @returns undefined where it is none; a time of day needs its time zone, since schedules follow it */
export function timeIn(text: string): Time | undefined {
  if (NUMBER.test(text)) {
    const value = Number(text);
    if (value > LATEST_MILLISECONDS) return undefined;
    if (value >= EPOCH_MILLISECONDS) return { kind: "milliseconds", seconds: value / 1000 };
    return { kind: value >= EPOCH ? "epoch" : "seconds", seconds: value };
  }
  const parts = ISO.exec(text)?.slice(1, 6).map(Number);
  const milliseconds = Date.parse(text.replace(" ", "T").replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
  if (parts === undefined || Number.isNaN(milliseconds)) return undefined;
  // The 30th of February would be read as the 2nd of March.
  const [year = 0, month = 0, day = 0] = parts;
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day
    ? { kind: "iso", seconds: milliseconds / 1000 }
    : undefined;
}
