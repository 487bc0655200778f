/** Every environment's settings: data only. docs/settings.md describes each setting and its range. */
import { derive } from "./derive";
import type { Settings } from "./schema";
import type { RemoteStateSettings } from "./sections/remote-state";

/** The reference deployment, value by value. */
const production: Settings = {
  region: "ap-south-1",
  tags: { Project: "web-app" },
  names: {
    style: "fixed",
    vpc: "myvpc",
    loadBalancerSecurityGroup: "alb_sg",
    appSecurityGroup: "app_sg",
    bastionSecurityGroup: "web_sg",
    loadBalancer: "web-app-albb",
    targetGroup: "app-tg",
    launchTemplate: "web-app-launch-template",
    autoScalingGroup: "web-app_asg",
    highCpuAlarm: "cpu-high",
    lowCpuAlarm: "cpu-low",
    instanceRole: "web-app",
    bastion: "web-app-bastion",
  },
  network: {
    cidr: "192.168.1.0/24",
    zones: ["ap-south-1a", "ap-south-1b"],
    nat: "single",
  },
  loadBalancer: {
    port: 80,
    idleTimeoutSeconds: 60,
    deletionProtection: "on",
  },
  targetGroup: {
    port: 5000,
    deregistrationDelaySeconds: 60,
    healthCheck: {
      path: "/",
      intervalSeconds: 30,
      timeoutSeconds: 5,
      healthyThreshold: 2,
      unhealthyThreshold: 3,
    },
  },
  fleet: {
    amiId: "ami-02f2230845208fdc0", // web-app-5
    instanceType: "t3.micro",
    cpuCredits: "unlimited",
    keyPair: { name: "nn" },
    rootVolumeGib: 8,
    detailedMonitoring: false,
    minSize: 1,
    desiredCapacity: 1,
    maxSize: 4,
    healthCheckGraceSeconds: 300,
    startupSeconds: 120,
    capacityTimeoutMinutes: 10,
  },
  scaling: {
    kind: "simple",
    periodSeconds: 300,
    evaluationPeriods: 2,
    out: { thresholdPercent: 80, instances: 1, cooldownSeconds: 300 },
    in: { thresholdPercent: 20, instances: 1, cooldownSeconds: 300 },
  },
  bastion: {
    instanceType: "t3.micro",
    keyPair: { name: "host" },
    rootVolumeGib: 8,
    sshSources: ["0.0.0.0/0"],
  },
  usage: {
    servers: 1.6,
    cpuPercent: 10,
    gbOut: 56,
    gbThroughNat: 54,
    loadBalancerCapacityUnits: 0.7,
    millionRequests: 3,
  },
};

/** By name, which is also the name of the stack. All but production put their name in front of the names in AWS. */
export const environments = {
  production,
  /** The reference deployment on the emulator; it exists only while `npm run local` runs. */
  local: derive(production, {
    loadBalancer: { port: 8080, deletionProtection: { off: "the emulated deployment is taken down after each try" } },
  }),
} satisfies Record<string, Settings>;

/** The bucket of every environment's Terraform state. Bucket names are global: choose your own. */
export const remoteState: RemoteStateSettings = {
  bucket: "flask-on-aws-terraform-state",
  region: "ap-south-1",
  oldVersionDays: 90,
};
