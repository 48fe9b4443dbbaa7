// Says beside the button that was pressed that no passkey came of it: the browser alone says nothing.
{
  const told = document.getElementById("passkey-problem");
  let pressed = null;
  document.addEventListener("click", (event) => {
    pressed = event.target.closest("button") ?? pressed;
    told.hidden = true;
  });
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    pressed?.parentElement.before(told);
    told.hidden = false;
  });
}
