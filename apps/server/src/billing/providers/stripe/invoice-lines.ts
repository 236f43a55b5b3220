import Stripe from 'stripe'

/**
 * An invoice with all of its lines. Stripe puts only the first ten into it.
 *
 * A preview is not stored, and Stripe does not say whether its other lines can be listed. If Stripe refuses, the preview
 * keeps its first lines. Its totals count all of them.
 *
 * @see https://docs.stripe.com/api/invoices/invoice_lines
 */
export async function withAllLines(stripe: Stripe, invoice: Stripe.Invoice): Promise<Stripe.Invoice> {
  if (!invoice.lines.has_more) return invoice
  const data: Stripe.InvoiceLineItem[] = []
  try {
    for await (const line of stripe.invoices.listLineItems(invoice.id, { limit: 100 })) data.push(line)
  } catch (error) {
    const isPreview = invoice.id.startsWith('upcoming_in')
    if (!isPreview || !(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error
    return invoice
  }
  return { ...invoice, lines: { ...invoice.lines, data, has_more: false } }
}

/** A preview of an invoice, with all of its lines. */
export async function previewOf(stripe: Stripe, params: Stripe.InvoiceCreatePreviewParams): Promise<Stripe.Invoice> {
  return withAllLines(stripe, await stripe.invoices.createPreview(params))
}

/** A subscription whose latest invoice, if it is expanded, has all of its lines. */
export async function withLatestLines(stripe: Stripe, subscription: Stripe.Subscription): Promise<Stripe.Subscription> {
  const { latest_invoice: latest } = subscription
  if (!latest || typeof latest === 'string' || !latest.lines.has_more) return subscription
  return { ...subscription, latest_invoice: await withAllLines(stripe, latest) }
}
