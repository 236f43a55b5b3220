import type Stripe from 'stripe'

/**
 * An object of the official package's types as it travels: decimals are text, everything else is JSON as it stands.
 *
 * Serializers return `Wire<Stripe.Subscription>` and the like, so that a required field that is missing or of the wrong kind does not compile.
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

/** A list as an object carries it inside. */
export function embeddedList<T>(url: string, data: T[]): { object: 'list'; data: T[]; has_more: boolean; url: string } {
  return { object: 'list', data, has_more: false, url }
}
