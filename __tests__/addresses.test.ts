import { synthWebApp } from "./support";

/**
 * What Terraform knows production's resources by. An address that changes is a resource destroyed and made anew: with a load
 * balancer or a NAT gateway that is an outage. Update this snapshot only for something new or something meant to go.
 */
test("no resource of production changes its address", () => {
  expect(synthWebApp().addresses).toMatchSnapshot();
});

test("an optional part moves no resource of the others", () => {
  const production = synthWebApp().addresses;
  expect(synthWebApp(undefined, "staging").addresses).toEqual(production);
});

test("the same settings give the same JSON, to the byte", () => {
  expect(synthWebApp().json).toBe(synthWebApp().json);
});
