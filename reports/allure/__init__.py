"""The verdict as Allure shows it: labels, steps and attachments, and the HTML report made of them."""
