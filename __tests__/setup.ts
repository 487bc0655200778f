// cdktf keeps a stack trace of every reference, which is most of a synth's time in jest. The trace of an error is another one.
jest.mock("cdktf/lib/tokens/private/stack-trace", () => ({ captureStackTrace: () => [] }));
