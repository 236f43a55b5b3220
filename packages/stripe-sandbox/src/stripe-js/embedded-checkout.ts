/**
 * JavaScript for the app's page: mounts the embedded checkout in a frame.
 *
 * @see https://docs.stripe.com/js/embedded_checkout
 */
export const EMBEDDED_CHECKOUT = `
  async function embeddedCheckout({ clientSecret, fetchClientSecret, onComplete } = {}) {
    const secret = clientSecret ?? (await fetchClientSecret?.())
    if (typeof secret !== 'string' || !secret.includes('_secret_'))
      fail('Embedded checkout needs the client_secret of a checkout session.')
    const frame = frameOf('/c/pay/' + secret.split('_secret_')[0], 'Checkout')
    frame.allow = 'payment'
    frame.style.height = '640px'
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
        if (isDestroyed) fail('This checkout was destroyed.')
        const element = placeOf(place)
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
`
