/** Scaling policies and scheduled actions of an Auto Scaling group. */
import type { AdjustmentType, Step } from "../capacity";

interface Adjusting {
  readonly name: string;
  readonly adjustmentType: AdjustmentType;
  readonly minimumMagnitude: number;
}

export type ScalingPolicy =
  | (Adjusting & { readonly kind: "simple"; readonly adjustment: number; readonly cooldownSeconds: number })
  | (Adjusting & { readonly kind: "step"; readonly steps: readonly Step[]; readonly warmUpSeconds: number })
  | {
      readonly kind: "targetTracking";
      readonly name: string;
      readonly targetPercent: number;
      readonly disableScaleIn: boolean;
      readonly warmUpSeconds: number;
    };

export interface Schedule {
  readonly name: string;
  /** Five fields of cron. */
  readonly recurrence: string;
  readonly timeZone: string;
  readonly minSize?: number;
  readonly maxSize?: number;
  readonly desired?: number;
}
