/** Why a text cannot be read, in a sentence. */
export class Unreadable extends Error {}
