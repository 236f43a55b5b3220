/** Texts of the frame around the customers' pages. */
export const shell = {
  skipToContent: 'Skip to content',
  mainNavigation: 'Main',
  plans: 'Plans',
  subscription: 'Subscription',
  members: 'Members',
  account: 'Account',
  logIn: 'Log in',
  signUp: 'Sign up',
  logOut: 'Log out',
  admin: 'Admin',
  home: 'Home',
  menu: 'Menu',
  accountMenu: 'Your account',
  help: 'Help',
}
