/** An error that the user can correct: printed as its message, without a stack trace. */
export class Problem extends Error {}
