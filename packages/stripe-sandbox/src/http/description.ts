/**
 * What Stripe's API knows of a parameter. A number stands for a type of {@link Description.shared}. A `map` is a hash with
 * any names, such as `metadata`. An `enum` that contains '' can be unset.
 */
export type Described =
  | number
  | 'string'
  | 'number'
  | 'boolean'
  | 'map'
  | 'any'
  | { readonly enum: readonly string[] }
  | { readonly list: Described }
  | { readonly hash: Readonly<Record<string, Described>> }
  | { readonly or: readonly Described[] }

/** The content of `generated/stripe-parameters.ts`, which `scripts/describe-parameters.ts` writes. */
export interface Description {
  readonly source: string
  /** By method and path, such as `POST /v1/customers/{}`. */
  readonly routes: Readonly<Record<string, Described>>
  /** The parameters that the answer has as fields of the same name. */
  readonly echoes: Readonly<Record<string, readonly string[]>>
  readonly shared: readonly Described[]
}
