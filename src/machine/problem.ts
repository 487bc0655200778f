/** Something that the person at the keyboard can mend: said in one line, without a stack trace. */
export class Problem extends Error {}
