"""A real browser without a display, driven through its own driver program."""
import os
import tempfile

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars", "--disable-dev-shm-usage",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
         "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
WAIT_S = 15


class Browser:
    def __init__(self, out):
        self.out = out
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for flag in FLAGS + [f"--user-data-dir={self.profile.name}"]:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))
        self.size(1440, 900)

    def size(self, width, height):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def open(self, url):
        self.driver.get(url)

    def find(self, css):
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def all(self, css):
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def until(self, what, condition, seconds=WAIT_S):
        """Waits for CONDITION(browser) to be true; the elements that it looks at may be drawn anew meanwhile."""
        from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException, WebDriverException

        def holds(_):
            try:
                return condition(self)
            except WebDriverException as error:  # some of what is drawn anew has no exception of its own
                if "does not belong to the document" in str(error):
                    return False
                raise
        try:
            return WebDriverWait(self.driver, seconds, 0.05, (NoSuchElementException, StaleElementReferenceException)).until(holds)
        except Exception as error:
            self.picture("failed")
            raise AssertionError(f"{what} did not come. The page says: {self.text()[:1500]}") from error

    def see(self, css, seconds=WAIT_S):
        return self.until(css, lambda b: b.find(css), seconds)

    def says(self, words, seconds=WAIT_S):
        return self.until(f"\"{words}\"", lambda b: words in b.text(), seconds)

    def click(self, css):
        def press(b):
            element = b.find(css)
            if not element.is_enabled():
                return False
            b.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
            element.click()
            return True
        self.until(f"{css} to click", press)

    def fill(self, css, text):
        self.until(f"{css} to fill", lambda b: (b.find(css).clear(), b.find(css).send_keys(text)))

    def keys(self, *keys):
        """As a person types who has clicked nowhere: no two keys within the twentieth of a second that makes a scanner."""
        from selenium.webdriver.common.action_chains import ActionChains
        for key in keys:
            ActionChains(self.driver).pause(0.08).send_keys(key).perform()

    def scan(self, text):
        """As a scanner types: all at once, then Enter, wherever the focus is."""
        self.driver.execute_script("""
          const send = (key) => (document.activeElement || document.body).dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
          for (const c of arguments[0]) send(c);
          send('Enter');""", text)

    def text(self):
        return self.find("body").text

    def js(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def picture(self, name):
        self.driver.save_screenshot(os.path.join(self.out, name + ".png"))

    def errors(self):
        """What the page's own scripts complained of; answers that refuse are no complaint."""
        return [e["message"] for e in self.driver.get_log("browser") if e["level"] == "SEVERE" and "Failed to load resource" not in e["message"]]

    def close(self):
        self.driver.quit()
        self.profile.cleanup()


__all__ = ["Browser", "By", "Keys"]
