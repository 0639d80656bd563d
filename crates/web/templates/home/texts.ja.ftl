# Home.
home-title = 今日
nav-members-way = 人を招く、役割を決める
nav-town-way = 書面とメールに載る内容
nav-figures-way = 登録者、退会、受注、検収の数字
