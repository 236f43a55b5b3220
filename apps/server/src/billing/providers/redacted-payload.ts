/** What admins may see of a stored event. */
export interface RedactedPayload {
  /** The payload with the shown fields only. */
  shown: Record<string, unknown>
  /** How many values were left out. */
  hidden: number
}
