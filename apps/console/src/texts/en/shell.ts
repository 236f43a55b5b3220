/** Texts of the frame around the customers' pages. */
export const shell = {
  skipToContent: 'Skip to content',
  mainNavigation: 'Main',
  plans: 'Plans',
  subscription: 'Subscription',
  members: 'Members',
  profile: 'Profile',
  logIn: 'Log in',
  signUp: 'Sign up',
  logOut: 'Log out',
  admin: 'Admin',
  menu: 'Menu',
}
