/** Texts of pages that could not be shown. */
export const pages = {
  notFound: {
    title: 'Page not found',
    lead: 'There is no page at this address. It may be mistyped, or the page has moved.',
    home: 'Go to the home page',
    plans: 'See the plans',
  },
  broken: {
    title: 'Something went wrong',
    lead: 'We could not show this page. Reload it to try again.',
    reload: 'Reload the page',
    home: 'Go to the home page',
  },
  outdated: {
    lead: 'Your session has ended, and there is a new version of this page. Copy what you typed, then reload.',
    reload: 'Reload',
  },
  unreachable: {
    title: 'We cannot reach the server',
    lead: 'Your data is safe. The connection may be down, or we are working on it. We keep trying.',
    again: 'Try again',
    offline: 'Your device is offline. Check your connection.',
  },
}
