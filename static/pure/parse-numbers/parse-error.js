/** A text that cannot be read; the message is a sentence for the user. */
export class ParseError extends Error {}
