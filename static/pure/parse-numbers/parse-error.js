/** Why a text cannot be read, in a sentence. */
export class ParseError extends Error {}
