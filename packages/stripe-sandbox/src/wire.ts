import type Stripe from 'stripe'

/**
 * A type of the official package as JSON: decimals are strings, everything else is the same.
 *
 * Serializers return types such as `Wire<Stripe.Subscription>`, so that a missing or mistyped field does not compile.
 */
export type Wire<T> = T extends string
  ? T
  : T extends Stripe.Decimal
    ? string
    : T extends (infer Element)[]
      ? Wire<Element>[]
      : T extends object
        ? { [Key in keyof T]: Wire<T[Key]> }
        : T

/** A list embedded in an object. */
export function embeddedList<T>(url: string, data: T[]): { object: 'list'; data: T[]; has_more: boolean; url: string } {
  return { object: 'list', data, has_more: false, url }
}
