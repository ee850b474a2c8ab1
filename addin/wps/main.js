// The add-in that WPS loads from the service: one button, which shows or hides the page in a task pane.
// It holds no rule and no token: the pane asks to be paired once.
var JX_PANE = 'jixiao-pane';

function JxLoad() {
  return true;
}

function JxLabel() {
  return '绩效评分';
}

function JxImage() {
  return location.origin + '/pane/icon.svg';
}

function JxPane() {
  var known = Application.PluginStorage.getItem(JX_PANE);
  var pane = known ? Application.GetTaskPane(Number(known)) : null;
  if (!pane) {
    pane = Application.CreateTaskPane(location.origin + '/pane', '绩效评分');
    Application.PluginStorage.setItem(JX_PANE, String(pane.ID));
    pane.Width = 400;
    pane.Visible = true;
  } else {
    pane.Visible = !pane.Visible;
  }
  return true;
}
