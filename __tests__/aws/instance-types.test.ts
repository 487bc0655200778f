import { isBareMetal, isBurstable, isEbsOptimized, memoryGibOf } from "../../src/aws/instance-types";

test.each([
  ["t1.micro", false, false],
  ["t2.micro", true, false],
  ["t3.micro", true, true],
  ["t3a.small", true, true],
  ["t4g.nano", true, true],
  ["m1.small", false, false],
  ["m3.medium", false, false],
  ["c3.large", false, false],
  ["r3.8xlarge", false, false],
  ["m4.large", false, true],
  ["m7i.large", false, true],
  ["r8g.medium", false, true],
  ["i3.large", false, true],
  ["g4dn.xlarge", false, true],
])("%s: burstable %s, EBS-optimized %s", (type, burstable, ebsOptimized) => {
  expect([isBurstable(type), isEbsOptimized(type)]).toEqual([burstable, ebsOptimized]);
});

test.each([
  ["t2.micro", 1],
  ["t3.nano", 0.5],
  ["t4g.2xlarge", 32],
  ["m7g.medium", 4],
  ["m5.large", 8],
  ["c7g.2xlarge", 16],
  ["c5n.large", 5.25],
  ["c4.large", 3.75],
  ["r4.large", 15.25],
  ["r5.4xlarge", 128],
  ["m5.metal", undefined],
  ["x2gd.large", undefined],
  ["m3.medium", undefined],
  ["t3.4xlarge", undefined],
])("%s has %s GiB of memory, if the name is enough to know it", (type, gib) => {
  expect(memoryGibOf(type)).toBe(gib);
});

test.each([
  ["m5.metal", true],
  ["c7i.metal-24xl", true],
  ["m5.large", false],
])("%s is bare metal: %s", (type, expected) => expect(isBareMetal(type)).toBe(expected));
