import express, { type Router } from 'express'

/** What the stand-in does not have. The functions exist, because wrappers such as `@stripe/react-stripe-js` check. */
const MISSING = [
  ...['confirmCardPayment', 'confirmCardSetup', 'confirmPayment', 'confirmSetup', 'createPaymentMethod', 'createToken'],
  ...['elements', 'handleNextAction', 'initCheckout', 'initCheckoutElementsSdk', 'paymentRequest'],
]

/**
 * A stand-in for Stripe.js. It mounts the embedded checkout in a frame and opens the hosted one.
 *
 * @see https://docs.stripe.com/js/embedded_checkout
 */
const STRIPE_JS = `(() => {
  const base = new URL(document.currentScript.src).origin
  const missing = (name) => () => {
    throw new Error('The Stripe sandbox does not support stripe.' + name + '() yet. Stripe.js does.')
  }

  async function embeddedCheckout({ clientSecret, fetchClientSecret, onComplete } = {}) {
    const secret = clientSecret ?? (await fetchClientSecret?.())
    if (typeof secret !== 'string' || !secret.includes('_secret_'))
      throw new Error('Embedded checkout needs the client_secret of a checkout session.')
    const frame = document.createElement('iframe')
    frame.src = base + '/c/pay/' + secret.split('_secret_')[0]
    frame.title = 'Checkout'
    frame.allow = 'payment'
    frame.style.cssText = 'border: 0; width: 100%; height: 640px; color-scheme: normal'
    const hear = ({ source, origin, data }) => {
      if (source !== frame.contentWindow || origin !== base || !data?.stripeSandbox) return
      if (data.height) frame.style.height = data.height + 'px'
      if (!data.complete) return
      if (data.next) location.assign(data.next)
      else onComplete?.()
    }
    let isDestroyed = false
    const unmount = () => {
      window.removeEventListener('message', hear)
      frame.remove()
    }
    return {
      mount(place) {
        if (isDestroyed) throw new Error('This checkout was destroyed.')
        const element = typeof place === 'string' ? document.querySelector(place) : place
        if (!element) throw new Error('There is no element for the selector ' + place + '.')
        window.addEventListener('message', hear)
        element.append(frame)
      },
      unmount,
      destroy() {
        isDestroyed = true
        unmount()
      },
    }
  }

  function Stripe(publishableKey) {
    if (typeof publishableKey !== 'string' || !publishableKey.startsWith('pk_'))
      throw new Error('Stripe() needs a publishable key, which begins with pk_.')
    return {
      ...Object.fromEntries(${JSON.stringify(MISSING)}.map((name) => [name, missing(name)])),
      createEmbeddedCheckoutPage: embeddedCheckout,
      initEmbeddedCheckout: embeddedCheckout,
      redirectToCheckout: ({ sessionId }) => {
        location.assign(base + '/c/pay/' + sessionId)
        return new Promise(() => undefined)
      },
      registerAppInfo() {},
      _registerWrapper() {},
    }
  }
  window.Stripe = Object.assign(Stripe, { version: 'sandbox' })
})()
`

/** Serves the stand-in at the paths that Stripe.js has. */
export function stripeJs(): Router {
  const router = express.Router()
  router.get(['/v3', '/:release/stripe.js'], (_request, response) => {
    response
      .set({ 'cache-control': 'no-store', 'access-control-allow-origin': '*', 'x-content-type-options': 'nosniff' })
      .type('text/javascript')
      .send(STRIPE_JS)
  })
  return router
}
