/**
 * Text of others on one line, as it is read: without line breaks, a terminal's commands, and characters that are not seen or that
 * write the text in another direction.
 */
export const visible = (text: string): string => text.replace(INVISIBLE, " ");

// eslint-disable-next-line no-control-regex -- control characters are what is replaced
const INVISIBLE = /[\s\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g;
