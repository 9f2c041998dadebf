// Shows the source of the page's script. What the script does, it does without JavaScript.

import { byId } from '../dom.mjs';
import { themeButton } from '../theme_button.mjs';
import { highlighted } from './highlight.mjs';

themeButton();
byId('source').append(...highlighted(byId('python').textContent.trim()));
