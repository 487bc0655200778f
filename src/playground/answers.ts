/** What the playground answers where the emulated AWS leaves a decision to it. */
import type { AwsAnswer, AwsRequest } from "./aws-request";
import type { Control } from "./control";
import type { Plane } from "./plane";
import type { Playground } from "./playground";

type Players = Pick<Playground, "controls" | "machines" | "write">;

export function answerTo(request: AwsRequest, { controls, machines, write }: Players, plane: Plane): AwsAnswer {
  // What was changed is read when the emulator has finished the change, and says so.
  if (request.action === "group") return {};
  const control = controls.get(request.group);
  if (control === undefined)
    return { error: { code: "ValidationError", message: `AutoScalingGroup name not found: ${request.group}` } };
  const { fleet } = control;
  const error = (() => {
    switch (request.action) {
      case "setDesiredCapacity":
        return control.setDesired(request.desired, request.honorCooldown);
      case "executePolicy": {
        const { policy, honorCooldown, metricValue, breachThreshold } = request;
        const distance = metricValue === undefined ? undefined : metricValue - (breachThreshold ?? 0);
        return control.execute(policy, honorCooldown, distance);
      }
      case "terminateInstance": {
        const instance = fleet.find(request.instance);
        return instance && control.terminate(instance, request.decrement);
      }
      case "setInstanceHealth": {
        const instance = fleet.find(request.instance);
        if (instance && request.health === "Unhealthy")
          fleet.scaling.foundUnhealthy(instance, "is set to unhealthy by a user request");
        return undefined;
      }
      case "instancesTerminated":
        for (const id of request.instances) lose(control, id, machines);
        return undefined;
      case "startInstanceRefresh":
        void refresh(control, request.group, request.refresh, write, plane);
        return undefined;
      case "cancelInstanceRefresh":
        fleet.refreshes.delete(request.refresh);
        return undefined;
    }
  })();
  return error === undefined ? {} : { error };
}

/** EC2 has terminated an instance without being asked by the group: its server ends at once. */
function lose({ fleet }: Control, id: string, machines: Playground["machines"]): void {
  const instance = fleet.find(id);
  if (instance === undefined) return;
  instance.terminated = true;
  void machines.get(id)?.server?.kill();
  fleet.scaling.lost(instance);
}

async function refresh(
  { fleet }: Control,
  group: string,
  id: string,
  write: Playground["write"],
  plane: Plane,
): Promise<void> {
  const outcome = await fleet.refresh(id, (percent) =>
    write(() => plane.refresh(group, id, { status: "InProgress", percent })),
  );
  write(() => plane.refresh(group, id, { status: outcome, percent: outcome === "Successful" ? 100 : 0 }));
}
