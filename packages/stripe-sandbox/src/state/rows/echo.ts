/** Fields of an object that were given as parameters and are only shown again. */
export interface EchoRow {
  /** The object's id. */
  readonly id: string
  readonly fields: Readonly<Record<string, unknown>>
}
